using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Delivery.Lanes;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Processing;

/// <summary>Invoices that were left out of calls while their system was degraded: each is sent by a PATCH of its own when its call is confirmed, apart from the merchants' lanes, and holds nothing back.</summary>
internal sealed class OwedInvoices(DownstreamChannel channel, CallStore calls, LaneQueues lanes)
{
    /// <summary>The call at the head of its lane is confirmed, and has left it.</summary>
    internal void Add(CallKey call, in CallState confirmed, long no)
    {
        var state = confirmed with { QueueNo = no };
        calls.Save(call, state);
        calls.MarkOwingInvoice(call);
        lanes.Place(lanes.Append(LaneKey.Apart(state.Merchant, state.Lane, no), no, call)!, state);
    }

    /// <summary>The invoice was delivered, or is given up.</summary>
    internal void End(CallLane lane, in Decision decision)
    {
        calls.UnmarkOwingInvoice(lane.Head);
        calls.DropBody(lane.Head);
        channel.InvoiceOver(lane.Head, decision.Outcome is null ? decision.Text : null);
        lanes.Remove(lane, 0);
    }
}
