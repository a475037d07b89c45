using System.Text;
using StreamSettle.App.Composition;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;

namespace StreamSettle.App.DeadLetters;

/// <summary>Reads the dead letters of the running service, and puts what an operator asks into the log: it is durable before the answer goes out.</summary>
sealed class DeadLetterQueue(SettlementService service)
{
    readonly ISerde<OperatorRequest> requests = service.Messages.Formats.OperatorRequests();
    readonly IReadOnlyKeyValueStore letters = service.Streams.Store(StoreNames.DeadLetters, 0);

    /// <param name="after">Id after which to begin; null for the first.</param>
    /// <returns>The letters, and the id to go on after; null at the end.</returns>
    public (IReadOnlyList<DeadLetter> Items, string? Next) List(DeadLetterFilter filter, string? after, int limit)
    {
        List<DeadLetter> items = [];
        byte[] from = after is null ? [] : [.. Encoding.UTF8.GetBytes(after), 0];
        using var scan = letters.Scan(from, []);
        while (scan.MoveNext())
        {
            var letter = DeadLetter.Read(scan.Value);
            if (filter.Lets(letter))
            {
                if (items.Count == limit)
                {
                    return (items, items[^1].Id);
                }

                items.Add(letter);
            }
        }

        return (items, null);
    }

    /// <summary>All that the filter lets, by id.</summary>
    public void Visit(DeadLetterFilter filter, Action<DeadLetter> visit)
    {
        using var scan = letters.Scan([], []);
        while (scan.MoveNext())
        {
            var letter = DeadLetter.Read(scan.Value);
            if (filter.Lets(letter))
            {
                visit(letter);
            }
        }
    }

    public int Count(DeadLetterFilter filter)
    {
        var count = 0;
        Visit(filter, _ => count++);
        return count;
    }

    public DeadLetter? Find(string id) => letters.TryGet(Encoding.UTF8.GetBytes(id), out var value) ? DeadLetter.Read(value) : null;

    /// <summary>A change of the order that could not be read; null for none.</summary>
    public DeadLetter? UnreadableOf(long order)
    {
        var prefix = Topics.Orders(service.SourcePrefix);
        using var scan = letters.Scan(Encoding.UTF8.GetBytes(prefix + '-'), Encoding.UTF8.GetBytes(prefix + '.'));
        while (scan.MoveNext())
        {
            if (DeadLetter.Read(scan.Value) is { Stage: DeadLetter.Intake } letter && letter.OrderId == order)
            {
                return letter;
            }
        }

        return null;
    }

    /// <summary>
    /// Replays or discards: of a call through its order's task; of a change of an order that could not be read through the task that set it aside; of a merchant's
    /// or promoter's by giving its bytes to the source topic again, or dropping it.
    /// </summary>
    /// <param name="commit">What is to be written.</param>
    /// <param name="neverCalculated">The event log proves that the letter's order was never calculated.</param>
    public void Act(LogCommit commit, DeadLetter letter, OperatorAsk asked, bool neverCalculated)
    {
        if (letter.Stage == DeadLetter.Intake && letter.Topic == Topics.Orders(service.SourcePrefix))
        {
            AskTheTask(commit, letter, asked.Of(IntakeRecord.Of(letter)));
        }
        else if (letter.Stage == DeadLetter.Intake)
        {
            ActOnRecord(commit, letter, asked);
        }
        else
        {
            var key = CallKey.TryParse(letter.Id, out var parsed) ? parsed : throw new CorruptStateException($"the dead letter '{letter.Id}' has no key of a call");
            AskEveryTask(commit, key, asked.Of(key, neverCalculated));
        }
    }

    /// <summary>Asks whoever has the key's order.</summary>
    public void Ask(CallKey key, OperatorRequest request)
    {
        var commit = new LogCommit();
        AskEveryTask(commit, key, request);
        service.Operators.Write(commit);
    }

    /// <summary>The clock task of the record's partition knows the order, or does not know it yet.</summary>
    void AskTheTask(LogCommit commit, DeadLetter letter, OperatorRequest request)
    {
        var (value, batch) = (new ByteBuffer(), new RecordBatch());
        requests.Write(request, new(value));
        batch.Add(TimeMs(), keyIsNull: false, Encoding.UTF8.GetBytes(letter.Id), valueIsNull: false, value.Written, []);
        commit.Outputs.Add((new(service.OwnTopic(Topics.OperatorCommands), letter.Partition), batch));
    }

    void ActOnRecord(LogCommit commit, DeadLetter letter, OperatorAsk asked)
    {
        var nowMs = TimeMs();
        if (asked is OperatorAsk.Replay)
        {
            var again = new RecordBatch();
            again.Add(letter.RecordTimestampMs, letter.RecordKey is null, letter.RecordKey, valueIsNull: false, letter.Payload, letter.RecordHeaders);
            commit.Outputs.Add((new(letter.Topic!, letter.Partition), again));
        }

        var gone = new RecordBatch();
        var id = Encoding.UTF8.GetBytes(letter.Id);
        gone.Add(nowMs, keyIsNull: false, id, valueIsNull: true, [], []);
        commit.Outputs.Add((new(service.OwnTopic(Topics.DeadLetters), Streams.Topologies.Murmur2.Partition(id, service.Partitions)), gone));
    }

    /// <summary>The request stands in every partition: the task that knows the order acts, whatever its key's form.</summary>
    void AskEveryTask(LogCommit commit, CallKey key, OperatorRequest request)
    {
        var value = new ByteBuffer();
        requests.Write(request, new(value));
        var order = Encoding.UTF8.GetBytes(key.Order.ToString());
        for (var partition = 0; partition < service.Partitions; partition++)
        {
            var batch = new RecordBatch();
            batch.Add(TimeMs(), keyIsNull: false, order, valueIsNull: false, value.Written, []);
            commit.Outputs.Add((new(service.OwnTopic(Topics.OperatorCommands), partition), batch));
        }
    }

    long TimeMs() => service.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
