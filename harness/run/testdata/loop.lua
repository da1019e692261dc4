for _, status in ipairs { 404, 486, 603 } do
  scenario("the answer is " .. status, function(t)
    expect(status):never():equals(486)
  end)
end
