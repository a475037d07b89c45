using System.Globalization;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Budgets.Fields;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>Collects what one answer's rate headers say. What cannot be read never loosens what is known: it is left out, and the reading is not whole.</summary>
internal sealed class RateReader(UtcInstant now)
{
    const string Requests = "requests";

    static readonly string[] WindowNames = ["w", "window"];

    readonly List<RateRule> rules = [];
    readonly List<RateQuota> quotas = [];
    readonly Dictionary<string, (bool CountsRequests, TimeSpan? Window)> policies = [];
    bool isWhole = true;

    internal RateReading Reading => new(RateRules.OfAnswer(rules), isWhole, quotas);

    /// <summary><c>100</c>, or <c>100, 10;w=1, 100;w=60</c>: a value, then every limit with its window.</summary>
    internal void ReadLimits(string? field)
    {
        foreach (var member in Members(field))
        {
            Add(member.Name is null && !member.Value.IsQuoted ? member.Value.Number : null, member);
        }
    }

    /// <summary><c>100;w=60</c>, or <c>"p";q=100;w=60</c>; policies that count something else than requests are none of ours.</summary>
    internal void ReadPolicies(string? field)
    {
        foreach (var member in Members(field))
        {
            var counts = member.Text("qu") is null or Requests;
            var quota = member.Has("q") ? Least(member, "q") : member.Value.IsQuoted ? null : member.Value.Number;
            policies[member.Value.Text] = (counts, Window(member));
            if (counts)
            {
                Add(member.Name is null ? quota : null, member);
            }
        }
    }

    /// <summary><c>limit=100, remaining=50, reset=30</c>, once or several times, or <c>"p";r=50;t=30</c> for each policy.</summary>
    internal void ReadRateLimit(string? field)
    {
        var old = new List<FieldMember>();
        foreach (var member in Members(field))
        {
            if (member.Name is null)
            {
                ReadPolicyState(member);
                continue;
            }

            if (old.Exists(before => before.Name == member.Name))
            {
                ReadOld(old);
                old.Clear();
            }

            old.Add(member);
        }

        ReadOld(old);
    }

    /// <summary>A number each, or lists that go together item by item.</summary>
    internal void ReadRemaining(string name, string? remaining, string? reset)
    {
        var left = Members(remaining).Select(member => member.Name is null && !member.Value.IsQuoted ? member.Value.Number : null).ToList();
        var resets = Lines(reset).SelectMany(HeaderValues.Of).Select(value => RateNumbers.Reset(value.Split(';')[0].Trim(), now)).ToList();
        for (var i = 0; i < left.Count; i++)
        {
            var isPaired = resets.Count == left.Count || resets.Count <= 1;
            var own = resets.Count == 0 ? null : resets.Count == 1 ? resets[0] : isPaired ? resets[i] : resets.Max();
            if (left[i] is { } number)
            {
                quotas.Add(new(Numbered(name, i), RateNumbers.Requests(number), own, isPaired && (own is not null || reset is null)));
            }
        }
    }

    void ReadOld(List<FieldMember> members)
    {
        decimal? Of(string name) => members.Find(member => member.Name == name)?.Value.Number;
        if (members.Find(member => member.Name == "limit") is { } limit)
        {
            Add(limit.Value.Number, limit);
        }

        if (Of("remaining") is { } remaining)
        {
            var (says, reset) = (members.Exists(member => member.Name == "reset"), Of("reset"));
            var name = Numbered("dictionary", quotas.Count(quota => quota.Name.StartsWith("dictionary", StringComparison.Ordinal)));
            quotas.Add(new(name, RateNumbers.Requests(remaining), reset is null ? null : RateNumbers.Reset(reset.Value, now), !says || reset is not null));
        }
    }

    void ReadPolicyState(FieldMember member)
    {
        var policy = policies.GetValueOrDefault(member.Value.Text, (CountsRequests: true, Window: null));
        if (Least(member, "r") is not { } left)
        {
            isWhole = false;
            return;
        }

        if (!policy.CountsRequests && left > 0)
        {
            // What is counted in other units binds nothing here but where there is nothing left.
            return;
        }

        var resets = member.All("t").Select(value => value.Number).ToList();
        var reset = resets.Max() is { } number ? RateNumbers.Reset(number, now) : policy.Window;
        quotas.Add(new(
            $"{member.Value.Text} {member.Text("pk")}", RateNumbers.Requests(left), reset, resets.TrueForAll(value => value is not null) && resets.Count <= 1 && IsPlain(member, "r")));
    }

    void Add(decimal? limit, FieldMember member)
    {
        if (limit is not >= 1)
        {
            isWhole = false;
            return;
        }

        isWhole &= !member.Value.IsQuoted || member.Has("q");
        isWhole &= IsPlain(member, "q");
        rules.Add(new(RateNumbers.Requests(limit.Value), Window(member)));
    }

    /// <summary>The longest that it says.</summary>
    TimeSpan? Window(FieldMember member)
    {
        TimeSpan? window = null;
        foreach (var name in WindowNames)
        {
            foreach (var value in member.All(name))
            {
                var one = value.Number is { } seconds ? RateNumbers.Window(seconds) : null;
                isWhole &= one is not null && IsPlain(member, name);
                window = window is null || one > window ? one ?? window : window;
            }
        }

        return window;
    }

    static decimal? Least(FieldMember member, string parameter) => member.All(parameter).Min(value => value.Number);

    /// <summary>Said once, and not in quotes.</summary>
    static bool IsPlain(FieldMember member, string parameter) => member.All(parameter).Count() <= 1 && !member.All(parameter).Any(value => value.IsQuoted);

    List<FieldMember> Members(string? field)
    {
        var members = new List<FieldMember>();
        foreach (var line in Lines(field))
        {
            members.AddRange(FieldReader.Read(line, out var lineIsWhole));
            isWhole &= lineIsWhole;
        }

        return members;
    }

    static string[] Lines(string? field) => field?.Split(AnswerHeaders.Separator) ?? [];

    static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
}
