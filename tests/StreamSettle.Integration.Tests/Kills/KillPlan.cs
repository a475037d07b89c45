namespace StreamSettle.Integration.Tests.Kills;

/// <summary>How one life of the service ends.</summary>
enum Ending
{
    /// <summary>Within two seconds of the start, ready or not.</summary>
    WhileStarting,

    /// <summary>Some time after it became ready.</summary>
    AtWork,

    /// <summary>Just after it was asked to end.</summary>
    WhileStopping,
}

/// <summary>When a life of the service is killed.</summary>
/// <param name="After">From its start, from its readiness, or from the request to end.</param>
sealed record PlannedKill(Ending Ending, TimeSpan After);

/// <summary>Random moments, the same ones for the same seed.</summary>
sealed record KillPlan(int Seed, IReadOnlyList<PlannedKill> Kills)
{
    public static KillPlan Of(int seed, int kills)
    {
        var random = new Random(seed);
        return new(seed, [.. Enumerable.Range(0, kills).Select(at => (at % 10) switch
        {
            2 or 5 or 8 => new PlannedKill(Ending.WhileStarting, TimeSpan.FromMilliseconds(random.Next(50, 2_000))),
            9 => new(Ending.WhileStopping, TimeSpan.FromMilliseconds(random.Next(0, 400))),
            _ => new(Ending.AtWork, TimeSpan.FromMilliseconds(random.Next(100, 3_500))),
        })]);
    }

    /// <summary>The same endings, but the work before them takes <paramref name="times"/> as long: time for other troubles.</summary>
    public KillPlan LivesLonger(int times) => this with { Kills = [.. Kills.Select(kill => kill.Ending == Ending.AtWork ? kill with { After = times * kill.After } : kill)] };
}
