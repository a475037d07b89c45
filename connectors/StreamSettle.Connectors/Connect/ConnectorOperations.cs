using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Connect;

/// <summary>What an administrator does with a connector, each time until it is known what came of it.</summary>
/// <param name="settled">
/// A state counts when it has been the same for so long: what Connect tells is seconds old after a change, and a task runs until its first record fails. Default 4 s: Debezium
/// reaches the database and its slot within them.
/// </param>
public sealed class ConnectorOperations(ConnectClient client, TimeProvider time, TimeSpan? settled = null)
{
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    readonly TimeSpan settledAfter = settled ?? TimeSpan.FromSeconds(4);

    /// <summary>How long a connector may take to start.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>How long a single answer may take.</summary>
    static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);

    /// <summary>Makes or changes it, and waits until it and its tasks run. What has failed and is otherwise as it should be is restarted.</summary>
    /// <exception cref="UserMistakeException">Connect refuses the configuration, or us.</exception>
    /// <exception cref="EnvironmentFailedException">Connect cannot be reached, does not answer, or fails.</exception>
    public async Task<ConnectorOutcome> ApplyAsync(ConnectorDefinition wanted, CancellationToken stop)
    {
        var found = await client.ConfigAsync(wanted.Name, AnswerPatience, stop).ConfigureAwait(false);
        var different = found is null ? [] : wanted.DifferentFrom(found);
        if (found is not null && different.Count == 0)
        {
            if (await client.StatusAsync(wanted.Name, AnswerPatience, stop).ConfigureAwait(false) is { HasFailed: true })
            {
                await client.RestartAsync(wanted.Name, onlyFailed: true, stop).ConfigureAwait(false);
            }

            return new(new ConnectorChange.Unchanged(), await WaitAsync(wanted.Name, stop).ConfigureAwait(false));
        }

        try
        {
            await client.PutConfigAsync(wanted.Name, wanted.Config, stop).ConfigureAwait(false);
        }
        catch (UserMistakeException refused)
        {
            throw new UserMistakeException(wanted.WithoutSecrets(refused.Message));
        }
        catch (EnvironmentFailedException failed)
        {
            throw new EnvironmentFailedException(wanted.WithoutSecrets(failed.Message));
        }

        return new(found is null ? new ConnectorChange.Made() : new ConnectorChange.Updated(different), await WaitAsync(wanted.Name, stop).ConfigureAwait(false));
    }

    /// <summary>Restarts it and its tasks, lets it run where it is paused, and waits until they run.</summary>
    /// <inheritdoc cref="ApplyAsync" path="/exception"/>
    public async Task<ConnectorOutcome> RestartAsync(string name, CancellationToken stop)
    {
        var wasPaused = await client.StatusAsync(name, AnswerPatience, stop).ConfigureAwait(false) is { IsPaused: true };
        var isThere = wasPaused ? await client.ResumeAsync(name, stop).ConfigureAwait(false) : await client.RestartAsync(name, onlyFailed: false, stop).ConfigureAwait(false);
        return isThere
            ? new(new ConnectorChange.Restarted(wasPaused), await WaitAsync(name, stop).ConfigureAwait(false))
            : throw await MissingAsync(name, stop).ConfigureAwait(false);
    }

    /// <exception cref="UserMistakeException">There is no such connector, or as <see cref="ApplyAsync"/>.</exception>
    /// <inheritdoc cref="ApplyAsync" path="/exception"/>
    public async Task<ConnectorStatus> StatusAsync(string name, CancellationToken stop) =>
        await client.StatusAsync(name, AnswerPatience, stop).ConfigureAwait(false) ?? throw await MissingAsync(name, stop).ConfigureAwait(false);

    /// <summary>Takes it away; its offsets stay with Connect, and its slot with the source.</summary>
    /// <inheritdoc cref="StatusAsync" path="/exception"/>
    public async Task DeleteAsync(string name, CancellationToken stop)
    {
        if (!await client.DeleteAsync(name, stop).ConfigureAwait(false))
        {
            throw await MissingAsync(name, stop).ConfigureAwait(false);
        }
    }

    async Task<Exception> MissingAsync(string name, CancellationToken stop)
    {
        var there = await client.NamesAsync(stop).ConfigureAwait(false);
        return new UserMistakeException(
            $"Kafka Connect at {client.Address} has no connector {name}: {(there.Count == 0 ? "it has none" : $"there is {string.Join(", ", there.Order(StringComparer.Ordinal))}")}. "
            + $"Make it by streamsettle connectors apply {name}.");
    }

    /// <summary>Waits until it runs, or has failed or is paused, and has been so for a while.</summary>
    /// <returns>What was told last when that took too long.</returns>
    async Task<ConnectorStatus?> WaitAsync(string name, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        var (since, last) = (began, (ConnectorStatus?)null);
        while (true)
        {
            var now = await client.StatusAsync(name, AnswerPatience, stop).ConfigureAwait(false);
            if (!IsSame(now, last))
            {
                since = time.GetTimestamp();
            }

            last = now;
            var isEnd = now is not null && (now.Runs || now.HasFailed || now.IsPaused);
            if ((isEnd && time.GetElapsedTime(since) >= settledAfter) || time.GetElapsedTime(began) >= Patience)
            {
                return now;
            }

            await Task.Delay(LookInterval, time, stop).ConfigureAwait(false);
        }
    }

    static bool IsSame(ConnectorStatus? left, ConnectorStatus? right) =>
        left is null || right is null
            ? left is null && right is null
            : left.State == right.State && left.Worker == right.Worker && left.Trace == right.Trace && left.Tasks.SequenceEqual(right.Tasks);
}
