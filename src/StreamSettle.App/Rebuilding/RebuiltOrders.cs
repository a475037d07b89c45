using System.Text;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Snapshots;
using StreamSettle.Delivery.Rebuilding;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Topologies;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Rebuilding;

namespace StreamSettle.App.Rebuilding;

/// <summary>The orders of a rebuild on their way into the stores: gathered, completed by their invoices, written in pieces.</summary>
sealed class RebuiltOrders
{
    /// <summary>Orders whose invoices are asked for at once.</summary>
    const int OrdersAtOnce = 1_000;

    const int CommitBytes = 16 * 1024 * 1024;
    const int ProgressOrders = 100_000;

    readonly ServiceOptions options;
    readonly LogFilling filling;
    readonly ILogger logger;
    readonly SettlementRebuild settlements;
    readonly CallRebuild calls;
    readonly OrderKeySerde keys;
    readonly OrderInvoices invoices;
    readonly List<OrderPast> gathered = new(OrdersAtOnce);
    readonly ByteBuffer scratch = new();
    readonly IReadOnlyList<Hold> kept;
    long added;

    /// <param name="now">When the rebuild began.</param>
    /// <param name="kept">The holds that the event log has, those that are over among them.</param>
    public RebuiltOrders(ServiceOptions options, LogFilling filling, UtcInstant now, IReadOnlyList<Hold> kept, ILogger logger)
    {
        (this.options, this.filling, this.kept, this.logger) = (options, filling, kept, logger);
        settlements = new(filling.Store, options.Partitions, options.Settlements, Open, now) { KnownHolds = kept.Select(hold => hold.Id).ToHashSet(StringComparer.Ordinal) };
        calls = new(filling.Store, Open);
        keys = new(options.Source.Orders.OrderId);
        invoices = new(options.Source);
    }

    public async Task AddAsync(OrderPast past, CancellationToken stop)
    {
        gathered.Add(past);
        if (gathered.Count == OrdersAtOnce)
        {
            await AddGatheredAsync(stop);
        }
    }

    /// <summary>After the last order: queues the calls that may go, and says what tasks keep beside their orders.</summary>
    /// <returns>How many calls may go, how many invoices are to be sent, and how many holds there are.</returns>
    public async Task<(int Calls, int Invoices, int Holds)> FinishAsync(TimeProvider time, CancellationToken stop)
    {
        await AddGatheredAsync(stop);
        calls.Enqueue();
        var (now, boot) = (MonotonicInstant.Now(time), MachineBoot.Read());
        foreach (var (leg, downstream) in options.Downstreams)
        {
            if (downstream.RateLimit is { } limit)
            {
                calls.UseUp(leg, limit, now, boot);
            }
        }

        foreach (var hold in kept.Concat(settlements.Holds))
        {
            Keep(hold);
        }

        settlements.Finish();
        filling.Commit();
        return (calls.Open, calls.Owing, kept.Count + settlements.Holds.Count);
    }

    async Task AddGatheredAsync(CancellationToken stop)
    {
        var calculated = gathered.Where(past => past.Calculated is not null).Select(past => past.Order).ToList();
        var known = calculated.Count > 0 ? await invoices.ReadAsync(calculated, stop) : new Dictionary<OrderId, byte[]>();
        foreach (var past in gathered)
        {
            foreach (var call in settlements.Add(past, ClockTaskOf(past.Order), known.GetValueOrDefault(past.Order, [])))
            {
                calls.Add(call, settlements.PartitionOf(call.Merchant));
            }

            if (++added % ProgressOrders == 0)
            {
                logger.Rebuilding(added);
            }
        }

        gathered.Clear();
        if (filling.Bytes >= CommitBytes)
        {
            filling.Commit();
        }
    }

    /// <summary>The partition to which the source's changes of the order go.</summary>
    int ClockTaskOf(OrderId order)
    {
        scratch.Clear();
        keys.Write(order, new(scratch));
        return Murmur2.Partition(scratch.Written, options.Partitions);
    }

    void Keep(Hold hold)
    {
        scratch.Clear();
        hold.Write(new(scratch));
        var id = Encoding.UTF8.GetBytes(hold.Id);
        filling.Append(new(options.OwnTopic(Topics.Holds), Murmur2.Partition(id, options.Partitions)), hold.Since.Microseconds / 1_000, id, scratch.Written);
    }

    void Open(DeadLetter letter)
    {
        scratch.Clear();
        letter.Write(new(scratch));
        var id = Encoding.UTF8.GetBytes(letter.Id);
        filling.Append(new(options.OwnTopic(Topics.DeadLetters), Murmur2.Partition(id, options.Partitions)), letter.Since.Microseconds / 1_000, id, scratch.Written);
    }
}
