using System.Globalization;
using CsCheck;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets;
using StreamSettle.Kernel.Time;
using Xunit;

namespace StreamSettle.Delivery.Tests.Budgets;

/// <summary>Whatever way a system spells its limits, they are read as it means them; and whatever it sends, nothing that is known gets looser by what cannot be read.</summary>
public class RateSpellingTests
{
    static readonly UtcInstant Now = UtcInstant.Parse("2026-11-01T00:00:00Z");
    static readonly long[] Windows = [1, 60, 3_600, 86_400, 604_800, 31_536_000];
    static readonly Gen<(long Limit, long Window)> Rule = Gen.Select(Gen.Long[1, 5_000], Gen.Int[0, Windows.Length - 1].Select(i => Windows[i]));
    static readonly Gen<string> Noise = Gen.String[Gen.Char["0159,;=\"\\wqrt:. -pn\n"], 0, 60];

    [Fact]
    public void Limits_are_read_as_they_are_meant_however_they_are_spelled() =>
        Gen.Select(Rule.Array[1, 8], Gen.Int[0, 1_000_000]).Sample((rules, seed) =>
        {
            var spelling = new Spelling(new Random(seed));
            var reading = RateReading.Read(spelling.Headers(rules), Now);
            var meant = rules.GroupBy(rule => rule.Window).Select(same => new RateRule(same.Min(rule => rule.Limit), TimeSpan.FromSeconds(same.Key))).OrderBy(rule => rule.Window);

            Assert.True(reading.IsWhole, spelling.Text);
            Assert.Equal(meant, reading.Rules);
        });

    [Fact]
    public void Whatever_cannot_be_read_never_loosens_what_is_known() =>
        Gen.Select(Rule.Array[1, 8], Noise, Noise, Gen.Int[0, 3]).Sample((rules, limits, policies, cut) =>
        {
            RateRule[] known = [.. rules.Select(rule => new RateRule(rule.Limit, TimeSpan.FromSeconds(rule.Window)))];
            var reading = RateReading.Read(new() { Limit = limits, RateLimitPolicy = policies, RateLimit = limits[..Math.Min(cut * 7, limits.Length)] }, Now);
            var after = RateRules.After(known, reading);
            if (reading.IsWhole && reading.Rules.Count > 0)
            {
                return;
            }

            foreach (var rule in known)
            {
                Assert.True(Most(after, rule.Window!.Value) <= Most(known, rule.Window!.Value), $"{limits} | {policies}");
            }
        });

    [Fact]
    public void However_many_limits_come_over_time_those_that_are_kept_are_few_and_no_looser() =>
        Rule.Array[1, 60].Sample(rules =>
        {
            IReadOnlyList<RateRule> kept = [];
            foreach (var (limit, window) in rules)
            {
                var said = new RateRule(limit, TimeSpan.FromSeconds(window + limit % 97));
                var before = kept;
                kept = RateRules.After(kept, new([said], IsWhole: false, []));
                Assert.InRange(kept.Count, 1, RateRules.Most);
                Assert.All(before.Append(said), rule => Assert.True(Most(kept, rule.Window!.Value) <= rule.Limit));
            }
        });

    [Fact]
    public void A_limit_that_comes_without_its_window_is_the_one_that_is_known()
    {
        RateRule[] known = [new(5, TimeSpan.FromHours(1)), new(100, TimeSpan.FromDays(1))];

        Assert.Equal([new RateRule(5, TimeSpan.FromHours(1))], RateRules.After(known, new([new(5, null)], IsWhole: true, [])));
        Assert.Equal([new RateRule(20, null)], RateRules.After(known, new([new(20, null)], IsWhole: true, [])));
    }

    /// <summary>The most requests that the rules let through in any window of that length, by the slow way: a limit holds for every shorter window too.</summary>
    static long Most(IEnumerable<RateRule> rules, TimeSpan window) => rules.Where(rule => rule.Window >= window).Select(rule => rule.Limit).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>One of the many ways to say the same.</summary>
    sealed class Spelling(Random random)
    {
        public string Text { get; private set; } = "";

        public AnswerHeaders Headers((long Limit, long Window)[] rules)
        {
            var members = rules.Select(rule => random.Next(2) == 0 ? Parameters(N(rule.Limit), ("w", N(rule.Window))) : Named(rule)).ToList();
            var named = members.Where(member => member[0] is '"' or 'p').ToList();
            var numbers = members.Except(named).ToList();
            if (numbers.Count > 0 && random.Next(2) == 0)
            {
                numbers.Insert(0, numbers[^1].Split(';')[0].Trim());
            }

            var headers = new AnswerHeaders();
            var (bare, policies) = (Lines(numbers), Lines([.. named, .. random.Next(3) == 0 ? numbers.Where(member => member.Contains(';', StringComparison.Ordinal)) : []]));
            headers = random.Next(3) switch
            {
                0 => headers with { Limit = bare },
                1 => headers with { DraftLimit = bare },
                _ => headers with { Limit = bare, DraftLimit = bare },
            };
            Text = $"{bare} | {policies}";
            return headers with { RateLimitPolicy = policies };
        }

        static string N(long number) => number.ToString(CultureInfo.InvariantCulture);

        string Named((long Limit, long Window) rule) =>
            Parameters(random.Next(2) == 0 ? $"\"p{N(random.Next(99))}, \\\"x;w=1\\\"\"" : $"p{N(random.Next(99))}", ("q", N(rule.Limit)), ("w", N(rule.Window)));

        string Parameters(string item, params (string Key, string Value)[] parameters)
        {
            var all = parameters.Append(("burst", "7")).Append(("comment", "\"a, b;w=2\"")).OrderBy(_ => random.Next()).Select(pair => $"{Space()};{Space()}{pair.Item1}={pair.Item2}");
            return item + string.Concat(all);
        }

        string Lines(List<string> members) => string.Concat(members.Select((member, i) => i == 0 ? member : (random.Next(2) == 0 ? "\n" : $"{Space()},{Space()}") + member));

        string Space() => new(' ', random.Next(2));
    }
}
