using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.App.Checks;

/// <summary>
/// The one list of what must be right before a start writes anything: <c>run</c> refuses by it, <c>check</c> prints it. Configuration and state directory come
/// before, as what is looked at follows from them.
/// </summary>
sealed class StartChecks(ServiceOptions options, MartenEventLog eventLog, StateView state, TimeProvider time)
{
    /// <summary>A start looks at notaries, and goes on without them.</summary>
    static readonly TimeSpan NotaryPatience = TimeSpan.FromSeconds(3);

    public IEnumerable<StartCheck> All()
    {
        yield return new("rules", _ => Task.FromResult(RuleFiles.Told(options.RulesDirectory, UtcInstant.Now(time))));
        foreach (var check in Source())
        {
            yield return check;
        }

        yield return new("event log", EventLogAsync) { MustBeThere = true };
        yield return new("append-only", AppendOnlyAsync) { RefusesStart = false };
        yield return new("seals", _ => Task.FromResult(
            options.Seal is { } seal ? $"by key '{seal.Key.Id}', each {seal.Interval} or {seal.Events} events" : "none: events are not sealed, as Audit:Seal:KeyFile is not set"));
        yield return PersonalDataCheck.Of(options.Audit);
        foreach (var check in Notaries())
        {
            yield return check;
        }

        yield return new("projections", ProjectionsAsync);
        foreach (var (leg, downstream) in options.Downstreams)
        {
            yield return new($"credentials for {leg.Name()}", async _ =>
            {
                // Reads certificates and files, opens no connection.
                await using var channel = DownstreamChannel.OverHttp(leg, downstream, time);
                return downstream.Headers.Count == 0 && downstream.ClientCertificate is null ? "none" : "can be read";
            });
        }
    }

    /// <summary>
    /// Refuses a start by the list: every mistake is told at once. A source that is away only now is waited for by the start itself. They are looked at beside each
    /// other, as each waits for somebody else.
    /// </summary>
    /// <param name="more">What the start itself needs beside the list.</param>
    /// <exception cref="UserMistakeException">One or more, one a line.</exception>
    /// <exception cref="EnvironmentFailedException">What must be there cannot be reached.</exception>
    public async Task RefuseAsync(StartCheck more, CancellationToken stop)
    {
        // All of them are known before the first one looks.
        var looks = Begin([.. All().Where(check => check.RefusesStart), more], stop);

        // Nothing is told, and nothing of the start goes on, while one of them still looks. A stop waits for none: a server that is silent may hold one up for a minute.
        await Task.WhenAll(looks.Select(Task (look) => look.Found)).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        List<string> mistakes = [];
        EnvironmentFailedException? away = null;
        foreach (var (check, found) in looks)
        {
            try
            {
                await found;
            }
            catch (UserMistakeException mistake)
            {
                mistakes.Add(mistake.Message);
            }
            catch (EnvironmentFailedException failure)
            {
                away = check.MustBeThere ? away ?? failure : away;
            }
        }

        if (mistakes.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, mistakes.Distinct()));
        }

        if (away is not null)
        {
            throw away;
        }
    }

    static List<(StartCheck Check, Task<string> Found)> Begin(IReadOnlyList<StartCheck> checks, CancellationToken stop)
    {
        List<(StartCheck Check, Task<string> Found)> looks = [];
        foreach (var check in checks)
        {
            var before = check.NeedsTheOneBefore ? looks[^1].Found : Task.CompletedTask;
            looks.Add((check, Task.Run(
                async () =>
                {
                    await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return await check.Look(stop);
                },
                stop)));
        }

        return looks;
    }

    IEnumerable<StartCheck> Source() => options.Transport is TransportOptions.Kafka kafka
        ? [.. new DebeziumSourceChecks(options, kafka, state, time).All(), .. kafka.Registry is { } registry ? (StartCheck[])[new("schema registry", _ => RegistryAsync(registry))] : []]
        : new EmbeddedSourceChecks(options, state, time).All();

    /// <summary>A start does not wait for them either: what they are to testify to waits in the event log.</summary>
    IEnumerable<StartCheck> Notaries()
    {
        if (options.Notary is not { } settings)
        {
            yield break;
        }

        yield return new("notarisation", _ => Task.FromResult(settings.ToString()));
        foreach (var name in settings.Names)
        {
            yield return new($"notary {name}", stop => NotaryAsync(settings, name, stop));
        }
    }

    async Task<string> NotaryAsync(NotarySettings settings, string name, CancellationToken stop)
    {
        var notaries = settings.Hasty(NotaryPatience).Open(() => Guid.Empty, time);
        try
        {
            return await notaries.Single(notary => notary.Name == name).LookAsync(stop);
        }
        finally
        {
            foreach (var notary in notaries)
            {
                notary.Dispose();
            }
        }
    }

    /// <summary>A start does not wait for it: what is not known yet is waited for where it is needed.</summary>
    async Task<string> RegistryAsync(RegistryOptions registry)
    {
        using var schemas = new RegistrySchemas(registry, time);
        await schemas.LookAsync();
        return $"reached at {schemas.Address}";
    }

    /// <summary>No start is refused for views: what is wrong with them is told, and settlement goes on.</summary>
    async Task<string> ProjectionsAsync(CancellationToken stop)
    {
        if (options.Projections.Run.Count == 0)
        {
            return "none: no views are kept, as Audit:Projections:Run is not set";
        }

        var text = $"{string.Join(", ", options.Projections.Run)}, each {options.Projections.Interval}";
        await using var projections = new EventLogProjections(options.Projections.Audit);
        try
        {
            var problems = await projections.ProblemsAsync(stop);
            return problems.Count == 0 ? text : $"{text}; cannot run now: {string.Join(" ", problems)}";
        }
        catch (Exception failure) when (failure is UserMistakeException or EnvironmentFailedException)
        {
            return $"{text}; cannot run now: {failure.Message}";
        }
    }

    /// <summary>Settling goes on without it, and whoever looks hears of it.</summary>
    async Task<string> AppendOnlyAsync(CancellationToken stop) =>
        await EventLogOpening.GuardAsync(options, () => eventLog.ReadGuardsAsync(stop)) is { Count: > 0 } problems
            ? throw new UserMistakeException(string.Join(Environment.NewLine, problems))
            : "what keeps the event log append-only is in force, as far as it is made already";

    async Task<string> EventLogAsync(CancellationToken stop)
    {
        var look = await EventLogOpening.GuardAsync(options, () => eventLog.LookAsync(stop));
        if (look.Problems.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, look.Problems));
        }

        EventLogMatch.Compare(options, state, look);
        return !look.Exists ? $"reached; schema '{options.AuditSchema}' will be made" : look.State.IsEmpty ? "reached; no events yet" : "reached; goes on";
    }
}
