using System.Text;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Tests.Rules;

public class RuleBookLoaderTests
{
    [Fact]
    public void Every_problem_of_every_file_is_reported_at_once() =>
        Assert.Equivalent(
            new[]
            {
                "a.json $.fees[0].ratePpm",
                "a.json $.fees[1].when",
                "a.json $.fees[1].rate",
                "a.json $.fees[1].ratePpm",
                "b.json $.version",
                "b.json $.delays[0].delay",
            },
            RuleBooks.Problems(
                RuleBooks.Set("""
                    "fees": [{"when": {}, "ratePpm": -1}, {"rate": 5}]
                    """),
                """
                {"effectiveFrom": "2027-01-01T00:00:00Z", "delays": [{"when": {}, "delay": "PT"}]}
                """),
            strict: true);

    [Theory]
    [InlineData("""{"version": "1", "version": "1", "effectiveFrom": "2026-01-01T00:00:00Z"}""", "$.version")]
    [InlineData("""{"version": "1", "effectiveFrom": "2026-01-01T00:00:00Z", "fees": [], "fees": []}""", "$.fees")]
    [InlineData("""{"version": "1", "effectiveFrom": "2026-01-01T00:00:00Z", "fees": [{"when": {"tier": "KA", "tier": "X"}, "ratePpm": 1}]}""", "$.fees[0].when.tier")]
    [InlineData("""{"version": "1", "effectiveFrom": "2026-01-01T00:00:00Z", "fees": [{"when": {}, "ratePpm": 1, "min": {"EUR": 1, "EUR": 2}}]}""", "$.fees[0].min.EUR")]
    public void A_key_that_is_there_twice_is_refused(string file, string path) =>
        Assert.Equal([$"a.json {path}"], RuleBooks.Problems(file));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("""{"version": "1", "effectiveFrom": "2026-01-01T00:00:00Z",}""")]
    public void What_is_no_JSON_object_is_refused_as_a_whole(string file) => Assert.Equal(["a.json $"], RuleBooks.Problems(file));

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused()
    {
        var load = RuleBookLoader.Parse([new("x.json", new byte[] { (byte)'{', 0xFF, (byte)'}' })]);

        Assert.Equal("$", Assert.Single(Assert.IsType<RuleLoad.Invalid>(load).Problems).Path);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_where_it_stands()
    {
        Assert.Equal(["a.json $.version"], RuleBooks.Problems("""{"version": "\ud800", "effectiveFrom": "2026-01-01T00:00:00Z"}"""));
        Assert.Equal(["a.json $"], RuleBooks.Problems("""{"version": "1", "\ud800": 1, "effectiveFrom": "2026-01-01T00:00:00Z"}"""));
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm() => Assert.IsType<RuleLoad.Loaded>(RuleBooks.Load("\uFEFF" + RuleBooks.Set("")));

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("1.5")]
    [InlineData("1000001")]
    [InlineData("99999999999999999999")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    public void A_rate_is_a_whole_number_up_to_a_million(string rate) =>
        Assert.Equal(["a.json $.exportRefunds[0].ratePpm"], RuleBooks.Problems(RuleBooks.Set($$"""
            "exportRefunds": [{"when": {}, "ratePpm": {{rate}}}]
            """)));

    [Fact]
    public void A_merchant_id_beyond_64_bits_is_refused() =>
        Assert.Equal(["a.json $.fees[0].when.merchantId"], RuleBooks.Problems(RuleBooks.Set("""
            "fees": [{"when": {"merchantId": 9223372036854775808}, "ratePpm": 1}]
            """)));

    [Theory]
    [InlineData("2026-01-01 00:00:00Z")]
    [InlineData("2026-01-01T00:00:00z")]
    [InlineData("2026-01-01T00:00:00.0000001Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("")]
    public void An_instant_is_ISO_8601_to_the_microsecond(string from) =>
        Assert.Equal(["a.json $.effectiveFrom"], RuleBooks.Problems(RuleBooks.Set("", from: from)));

    [Fact]
    public void Of_two_files_that_collide_the_later_name_is_refused_whatever_the_order_they_came_in()
    {
        var file = Encoding.UTF8.GetBytes(RuleBooks.Set(""));

        var load = RuleBookLoader.Parse([new("b.json", file), new("a.json", file)]);

        Assert.Equal(
            [("b.json", "$.version"), ("b.json", "$.effectiveFrom")],
            Assert.IsType<RuleLoad.Invalid>(load).Problems.Select(problem => (problem.File, problem.Path)));
    }

    [Theory]
    [InlineData("rate-ppm", "$.rate-ppm")]
    [InlineData("rate.ppm", "$['rate.ppm']")]
    [InlineData("", "$['']")]
    [InlineData("it's", "$['it\\'s']")]
    public void A_key_that_would_read_as_part_of_the_path_is_quoted(string key, string path) =>
        Assert.Equal([$"a.json {path}"], RuleBooks.Problems(RuleBooks.Set($"\"{key}\": 1")));

    [Fact]
    public void A_rule_with_a_bad_when_collides_with_none() =>
        Assert.Equal(["a.json $.fees[1].when.region"], RuleBooks.Problems(RuleBooks.Set("""
            "fees": [{"when": {}, "ratePpm": 1}, {"when": {"region": "EU"}, "ratePpm": 1}]
            """)));

    [Fact]
    public void A_folder_that_is_missing_or_empty_is_a_problem_of_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("rules");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "notes.txt"), "not a rule set");
            var missing = Path.Combine(folder.FullName, "missing");

            Assert.Equal(folder.FullName, Assert.Single(Assert.IsType<RuleLoad.Invalid>(RuleBookLoader.Load(folder.FullName)).Problems).File);
            Assert.Equal(missing, Assert.Single(Assert.IsType<RuleLoad.Invalid>(RuleBookLoader.Load(missing)).Problems).File);
            Assert.IsType<RuleLoad.Invalid>(RuleBookLoader.Parse([]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
