using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Operators;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>What operators ask of the bench's service.</summary>
static class Operators
{
    /// <summary>An operator replays or discards a dead letter; the request stands in every partition, with what the event log proves of the order.</summary>
    public static void Operate(this TestBench bench, string key, bool replay, string by = "ann", string? reason = null, bool? proven = null)
    {
        Assert.True(CallKey.TryParse(key, out var parsed));
        var never = proven ?? !bench.Events(parsed.Order.Value).OfType<SettlementCalculated>().Any();
        var id = bench.NextRequest();
        bench.Ask(key, replay ? new OperatorRequest.Replay(parsed, never, by, id, reason) : new OperatorRequest.Discard(parsed, reason, by, id));
    }

    /// <summary>An operator has a confirmed call sent again.</summary>
    public static void SendAgain(this TestBench bench, string key)
    {
        Assert.True(CallKey.TryParse(key, out var parsed));
        bench.Ask(key, new OperatorRequest.SendAgain(parsed, "ann", bench.NextRequest()));
    }

    /// <summary>A system tells that it has undone a call; it stands in every partition as the callback's endpoint writes it.</summary>
    public static void Return(this TestBench bench, string key, string reason = "account closed")
    {
        Assert.True(CallKey.TryParse(key, out var parsed));
        bench.Ask(key, new OperatorRequest.Returned(parsed, reason, bench.Now));
    }

    static void Ask(this TestBench bench, string key, OperatorRequest asked)
    {
        var request = Written(asked);
        for (var partition = 0; partition < bench.Partitions; partition++)
        {
            bench.Driver.Append(Topics.OperatorCommands, Encoding.UTF8.GetBytes(key), request, bench.Now.Microseconds / 1000, partition: partition);
        }

        bench.Driver.RunUntilIdle();
    }

    public static void Replay(this TestBench bench, string key) => bench.Operate(key, replay: true);

    public static void Discard(this TestBench bench, string key, string? reason = null) => bench.Operate(key, replay: false, reason: reason);

    /// <summary>An operator replays or discards a record that could not be read.</summary>
    public static void OperateRecord(this TestBench bench, DeadLetter letter, bool replay, string by = "ann")
    {
        var (record, id) = (IntakeRecord.Of(letter), bench.NextRequest());
        var request = Written(replay ? new OperatorRequest.Reread(record, by, id) : new OperatorRequest.PassOver(record, by, id));
        bench.Driver.Append(Topics.OperatorCommands, Encoding.UTF8.GetBytes(letter.Id), request, bench.Now.Microseconds / 1000, partition: letter.Partition);
        bench.Driver.RunUntilIdle();
    }

    static byte[] Written(OperatorRequest request)
    {
        var buffer = new ByteBuffer();
        new OperatorRequestSerde().Write(request, new(buffer));
        return buffer.Written.ToArray();
    }
}
