local words = require("_lib.words")

scenario("needs what the phone lacks", { needs = { "tcp" } }, function(t)
  expect(words.greeting):equals("hello")
end)

scenario("needs nothing", function(t)
  expect(words.greeting):equals("hello")
end)
