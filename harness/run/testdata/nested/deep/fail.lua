local word = require("_lib.word")

scenario("needs a helper of the suite", function(t)
  expect("bye"):equals(word)
end)
