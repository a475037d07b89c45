using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Registry;

/// <summary>
/// Writers' schemas of a registry. Each is asked for once and kept: what is known goes on whatever the registry does. Where it does not answer it is asked again and again,
/// with growing pauses, on no thread that reads records: who reads is told at once that the schema is not known yet. Thread-safe.
/// </summary>
public sealed class RegistrySchemas : IWriterSchemas, IDisposable
{
    /// <summary>So many names are remembered; of more the oldest goes, and is asked for again when it is needed. A topic has a few.</summary>
    internal const int MaxKnown = 1_000;

    /// <summary>So long the first who needs a schema waits for it: a registry that is well answers within milliseconds.</summary>
    internal static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(1);

    /// <summary>So long an id counts as unknown before it is asked for again: a registry may learn of it later than its records are here.</summary>
    internal static readonly TimeSpan NoneFor = TimeSpan.FromSeconds(10);

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    readonly RegistryClient client;
    readonly TimeProvider time;
    readonly CancellationTokenSource stopping = new();
    readonly CancellationToken stopped;
    readonly Lock sync = new();
    readonly Dictionary<SchemaName, (RegistryAnswer Answer, long At)> answers = [];
    readonly Queue<SchemaName> byAge = new();
    readonly Dictionary<SchemaName, RegistryQuestion> questions = [];

    public RegistrySchemas(RegistryOptions options, TimeProvider time)
    {
        client = new(options);
        (Address, this.time, stopped) = (options.Address, time, stopping.Token);
    }

    /// <summary>As it may be shown.</summary>
    public string Address { get; }

    /// <summary>Called with each change, in order, on whatever thread it happens; must not block.</summary>
    public Action<RegistryStatus>? StatusChanged { get; set; }

    public RegistryStatus Status { get; private set; } = new RegistryStatus.Answered();

    /// <inheritdoc/>
    public AvroSchema? Find(SchemaName name)
    {
        var (answer, question) = Look(name);
        if (question is not null)
        {
            question.AwaitFirst(FirstPatience, time);
            (answer, question) = Look(name);
        }

        return answer switch
        {
            RegistryAnswer.Found found => found.Schema,
            RegistryAnswer.None => null,
            RegistryAnswer.Unfit unfit => throw unfit.Problem,
            _ => throw NotKnown(name, question!),
        };
    }

    /// <summary>Whether the registry answers and lets us in.</summary>
    /// <exception cref="EnvironmentFailedException">It does not; the message says why.</exception>
    public Task LookAsync() => client.LookAsync();

    public void Dispose()
    {
        stopping.Cancel();
        client.Dispose();
        stopping.Dispose();
    }

    /// <summary>Either the answer or, where there is none, the question, which is asked from now on.</summary>
    (RegistryAnswer? Answer, RegistryQuestion? Question) Look(SchemaName name)
    {
        lock (sync)
        {
            if (answers.TryGetValue(name, out var known) && (known.Answer is RegistryAnswer.Found || time.GetElapsedTime(known.At) < NoneFor))
            {
                return (known.Answer, null);
            }

            if (!questions.TryGetValue(name, out var question))
            {
                question = new(name, UtcInstant.Now(time), $"the schema registry at {Address} has not answered yet");
                questions.Add(name, question);
                question.Ask(() => AskAsync(question));
            }

            return (null, question);
        }
    }

    async Task AskAsync(RegistryQuestion question)
    {
        for (var pause = FirstPause; !stopped.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                Keep(question.Name, await client.AskAsync(question.Name).ConfigureAwait(false));
                return;
            }
            catch (EnvironmentFailedException away)
            {
                lock (sync)
                {
                    question.Reason = away.Message;
                    Tell();
                }
            }
            catch (ObjectDisposedException) when (stopped.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void Keep(SchemaName name, RegistryAnswer answer)
    {
        lock (sync)
        {
            if (!answers.ContainsKey(name))
            {
                byAge.Enqueue(name);
            }

            answers[name] = (answer, time.GetTimestamp());
            if (answers.Count > MaxKnown)
            {
                answers.Remove(byAge.Dequeue());
            }

            questions.Remove(name);
            Tell();
        }
    }

    EnvironmentFailedException NotKnown(SchemaName name, RegistryQuestion question)
    {
        lock (sync)
        {
            question.IsWaitedFor = true;
            Tell();
            return new($"schema {name} is not known yet: {question.Reason}");
        }
    }

    /// <summary>Says how it stands, where that is another than before. Call under the lock.</summary>
    void Tell()
    {
        var longest = questions.Values.Where(question => question.IsWaitedFor).MinBy(question => question.Since);
        RegistryStatus now = longest is null ? new RegistryStatus.Answered() : new RegistryStatus.Waiting(longest.Name, longest.Since, longest.Reason);
        if (now != Status)
        {
            Status = now;
            StatusChanged?.Invoke(now);
        }
    }
}
