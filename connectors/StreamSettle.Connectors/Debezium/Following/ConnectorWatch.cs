using Microsoft.Extensions.Logging;
using StreamSettle.Connectors.Connect;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Looks at the connector, and restarts what has failed with growing pauses. One caller at a time.</summary>
/// <param name="mayRestart">False only looks.</param>
internal sealed class ConnectorWatch(ConnectClient client, DebeziumOptions options, TimeProvider time, ILogger logger, bool mayRestart = true)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>A task that has run for so long has not failed by what it failed by before.</summary>
    static readonly TimeSpan Recovered = TimeSpan.FromMinutes(2);

    readonly string name = options.Connect.Connector;
    TimeSpan pause = FirstPause;
    long? failedAt;
    long? runsAt;
    long? configAt;
    IReadOnlyDictionary<string, string>? config;

    /// <summary>The connector's configuration as it was seen last; null before, and where there is no connector.</summary>
    public IReadOnlyDictionary<string, string>? Config => config;

    /// <param name="database">That we read the shop in.</param>
    /// <param name="user">As whom.</param>
    public async Task<ConnectorView> LookAsync(string database, string user, CancellationToken stop)
    {
        try
        {
            if (configAt is not { } at || time.GetElapsedTime(at) >= options.Source.StatusInterval || config is null)
            {
                config = await client.ConfigAsync(name, options.AnswerPatience, stop).ConfigureAwait(false);
                configAt = time.GetTimestamp();
            }

            return await JudgeAsync(database, user, stop).ConfigureAwait(false);
        }
        catch (EnvironmentFailedException away)
        {
            return new ConnectorView.Away(away.Message);
        }
        catch (UserMistakeException refused)
        {
            return new ConnectorView.Wrong(refused.Message);
        }
    }

    async Task<ConnectorView> JudgeAsync(string database, string user, CancellationToken stop)
    {
        var status = config is null ? null : await client.StatusAsync(name, options.AnswerPatience, stop).ConfigureAwait(false);
        if (status is null || config is null)
        {
            return new ConnectorView.Absent($"Kafka Connect at {client.Address} has no connector {name}. Make it by streamsettle connectors apply.");
        }

        if (ConnectorRules.Judge(config, options, database, user).ToList() is { Count: > 0 } problems)
        {
            return new ConnectorView.Wrong(
                $"the connector {name} on {client.Address} is not as it must be: {string.Join("; ", problems)}. Correct {Path.Combine(options.Connect.Directory, name)}.json or the settings, and run streamsettle connectors apply.");
        }

        if (mayRestart)
        {
            await RestartIfFailedAsync(status, stop).ConfigureAwait(false);
        }

        if (status.Problem is { } problem)
        {
            var remedy = status.IsPaused ? "Let it run by streamsettle connectors restart." : status.HasFailed ? "It is restarted again and again; mend what it says." : "Wait for the cluster to share its work out: what a lost worker had it shares out after scheduled.rebalance.max.delay.ms, 5 min by default.";
            return new ConnectorView.Wrong($"the connector {name} on {client.Address} {problem}. {remedy}");
        }

        var offset = await client.OffsetAsync(name, options.Source.TopicPrefix, options.AnswerPatience, stop).ConfigureAwait(false);
        return offset is null ? new ConnectorView.Absent($"the connector {name} on {client.Address} runs, and has not committed yet how far it has come")
            : offset.IsInSnapshot ? new ConnectorView.Copying()
            : new ConnectorView.Following(offset);
    }

    /// <summary>A connection that broke has often mended itself by then; what has not is tried less and less often. Whoever else does the same finds it running.</summary>
    async Task RestartIfFailedAsync(ConnectorStatus status, CancellationToken stop)
    {
        if (!status.HasFailed)
        {
            failedAt = null;
            runsAt ??= time.GetTimestamp();
            pause = time.GetElapsedTime(runsAt.Value) >= Recovered ? FirstPause : pause;
            return;
        }

        runsAt = null;
        if (failedAt is null)
        {
            failedAt = time.GetTimestamp();
            logger.ConnectorFailed(name, client.Address, status.Problem ?? "", (long)pause.TotalSeconds);
        }

        if (time.GetElapsedTime(failedAt.Value) < pause)
        {
            return;
        }

        logger.ConnectorRestarted(name, client.Address);
        await client.RestartAsync(name, onlyFailed: true, stop).ConfigureAwait(false);
        failedAt = null;
        pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }
}
