using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Commands;

/// <summary><c>audit projections</c>: how far the views are, and one made anew. It uses the event log alone; the service need not run.</summary>
static class AuditProjectionsCommand
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>A page of events takes less.</summary>
    static readonly TimeSpan StandsStillAfter = TimeSpan.FromSeconds(10);

    public static Command Create() => new("projections", "The views that are kept beside the event log: how far they are, and one made anew.") { List(), Rebuild() };

    static Command List()
    {
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("list", "How far each projection is behind the event log.") { config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            await using var projections = new EventLogProjections(EventLogOptions.Read(ConfigurationOf.ReadStrictly(parsed, config)));
            var (table, text) = (new TextTable(false, true, true, false, false), new StringBuilder());
            table.Add("projection", "event", "behind", "since", "");
            foreach (var (place, isRun) in await projections.ListAsync(stop))
            {
                table.Add(place.Name, Text(place.Position), Text(place.Behind), place.OldestLeft?.ToString() ?? "", $"{(isRun ? "runs" : "nobody runs it")}{(place is { Position: 0, Behind: > 0 } ? ", empty so far" : place.Behind > 0 ? ", not whole yet" : "")}");
            }

            table.AppendTo(text, TerminalText.OutputWidth);
            Console.Write(text);
            return ExitCodes.Done;
        }));
        return command;
    }

    static Command Rebuild()
    {
        var name = new Argument<string>("NAME") { Description = $"One of {string.Join(", ", ProjectionName.All)}." };
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("rebuild", "Empties the views of a projection and makes them anew from the event log; where a service runs it, that does it.") { name, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var projection = parsed.GetValue(name)!;
            if (!ProjectionName.All.Contains(projection))
            {
                throw new UserMistakeException($"There is no projection '{projection}': give one of {string.Join(", ", ProjectionName.All)}.");
            }

            var options = ProjectionOptionsReader.ReadAlone(ConfigurationOf.ReadStrictly(parsed, config));
            await RebuildAsync(options, projection, stop);
            return ExitCodes.Done;
        }));
        return command;
    }

    static async Task RebuildAsync(ProjectionOptions options, string projection, CancellationToken stop)
    {
        await using var projections = new EventLogProjections(options.Audit);
        if (await projections.ProblemsAsync(stop) is { Count: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        await projections.ResetAsync(projection, stop);
        var goal = (await PlaceAsync(projections, projection, stop)).Place.Last;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // Where a service runs it this one waits, and is there should that one go.
        await using var projector = new Projector(options with { Interval = Look }, projection, TimeProvider.System);
        var run = Task.Run(() => projector.RunAsync(ending.Token), stop);
        try
        {
            await FollowAsync(projections, projector, goal, stop);
        }
        finally
        {
            await ending.CancelAsync();
            await run;
        }
    }

    static async Task FollowAsync(EventLogProjections projections, Projector projector, long goal, CancellationToken stop)
    {
        var (told, since) = ((Position: -1L, IsElsewhere: false), Stopwatch.GetTimestamp());
        while (true)
        {
            var (place, _) = await PlaceAsync(projections, projector.Name, stop);
            if (place.Position >= goal || place.Behind == 0)
            {
                Console.WriteLine($"{projector.Name}: made anew, up to event {Text(place.Position)}");
                return;
            }

            if (projector.Status is { State: ProjectorStatus.Failing, Reason: { } reason })
            {
                throw new UserMistakeException($"Projection {projector.Name} stands still at event {Text(place.Position)} of {Text(goal)}: {reason}");
            }

            var now = (place.Position, IsElsewhere: projector.Status.State == ProjectorStatus.Elsewhere);
            if (now != told)
            {
                (told, since) = (now, Stopwatch.GetTimestamp());
                await Console.Error.WriteLineAsync($"{projector.Name}: event {Text(place.Position)} of {Text(goal)}{(now.IsElsewhere ? ", by a service" : "")}");
            }
            else if (Stopwatch.GetElapsedTime(since) >= StandsStillAfter)
            {
                since = Stopwatch.GetTimestamp();
                var why = await projections.UnknownAsync(place.Position, stop) ?? "no event behind that is of a type that this release does not know; the service that runs it says why in its log (9091) and its status";
                await Console.Error.WriteLineAsync($"{projector.Name}: stands still at event {Text(place.Position)} of {Text(goal)}: {why}. It goes on by itself when that is mended; this command may be ended");
            }

            await Task.Delay(Look, stop);
        }
    }

    static async Task<(ProjectionPlace Place, bool IsRun)> PlaceAsync(EventLogProjections projections, string name, CancellationToken stop) =>
        (await projections.ListAsync(stop)).Single(one => one.Place.Name == name);

    static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
