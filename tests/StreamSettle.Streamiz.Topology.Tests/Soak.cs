// Each punctuation on the way of a clock costs 10 ms here, so all of it is for `./test soak`.
[assembly: Trait("Category", "Soak")]
