using StreamSettle.Kernel.Ids;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Settle;

/// <summary>
/// What a calculated order's row says waits until its transaction is known to be whole: by the clock's proof, or by a change of a later transaction. So a refund
/// that is raised and lowered again in one transaction takes nothing back, and whatever a transaction ends with is decided, also when it is overtaken at once.
/// </summary>
sealed class SettleRefunds(Settlements settlements, WaitingRefunds waiting, SettleTransactor transactor, SettleOutputs outputs, SettleHorizon horizon)
{
    /// <summary>There may be some that wait.</summary>
    public bool Any => waiting.Any;

    /// <summary>The row is now as the message has it, or gone.</summary>
    public KeptSettlement Take(KeptSettlement kept, in OrderMessage message)
    {
        var before = kept.Books.Refund;
        var goesOn = before is not null && (before.Transaction == message.Transaction || message.CutsOff);
        if (before is not null && !goesOn)
        {
            // What could not be read in between is overtaken.
            kept = Decide(kept, before);
        }

        var books = kept.Books;
        if (message.Kind == OrderMessageKind.Deleted)
        {
            return kept with { Books = books with { Refund = null } };
        }

        var refund = new WaitingRefund(
            message.Cause, message.Row().Refunded, message.KeyChanged || books.Order.KeyChanged || (goesOn && before!.KeyChanged), message.Transaction, message.Offset + 1);
        return kept with { Books = books with { Order = books.Order with { KeyChanged = false }, Refund = refund } };
    }

    /// <summary>After every message about an order: what waits is looked at, when more is known or as soon as may be.</summary>
    public void Await(KeptSettlement kept)
    {
        if (kept.Books.Refund is not { } refund)
        {
            return;
        }

        waiting.Add(kept.Order);
        if (horizon.IsWhole(kept.Books.ClockTask, refund.NextOffset))
        {
            waiting.Again();
        }
    }

    /// <summary>Decides what is whole by now. Comes when the gate is open and the horizon was followed.</summary>
    public void Run()
    {
        if (horizon.ProvesMore)
        {
            waiting.Again();
        }

        waiting.Look(Look);
    }

    /// <returns>Whether it still waits.</returns>
    bool Look(OrderId order)
    {
        if (settlements.Find(order) is not { Books.Refund: { } refund } kept || refund.IsInDoubt(kept.Books.Order.Doubts))
        {
            // The message that lifts a doubt brings it here again.
            waiting.Remove(order);
            return false;
        }

        if (!horizon.IsWhole(kept.Books.ClockTask, refund.NextOffset))
        {
            return true;
        }

        waiting.Remove(order);
        settlements.Put(Decide(kept, refund), kept);
        return false;
    }

    KeptSettlement Decide(KeptSettlement kept, WaitingRefund refund) => kept with
    {
        State = transactor.Transact(
            kept, new TakeRefund(new(kept.Order, kept.State.Merchant, refund.Cause, outputs.RecordedAt), refund.Refunded, refund.KeyChanged, refund.Transaction.CommittedAt)),
        Books = kept.Books with { Refund = null },
    };
}
