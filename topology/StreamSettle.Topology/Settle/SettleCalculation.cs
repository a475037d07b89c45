using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Orders;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Ports;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.Topology.Settle;

/// <summary>Divides the money of an order whose turn it is: its mark is taken anew first, and one that lies later now waits on.</summary>
sealed class SettleCalculation(Settlements settlements, SettleOutputs outputs, SettleTransactor transactor, OrderMath math, SettlementSettings settings, Tally tally)
{
    public void Calculate(KeptSettlement kept, UtcInstant now)
    {
        var books = kept.Books;
        var row = Rows.Read(books.Row.AsSpan());
        var (context, completedAt) = (new CommandContext(kept.Order, kept.State.Merchant, books.Cause, outputs.RecordedAt), row.CompletedAt!.Value);
        var calculation = math.Begin(row, kept.State.Merchant);
        var due = calculation.DueAt;
        var marked = transactor.Transact(kept, new TakeMark(context, completedAt, due, now));
        if (due > now)
        {
            settlements.Put(kept.After(marked, books.Cause, books.Row, settings, now), kept);
            return;
        }

        var result = calculation.Divide();
        var divide = result is Settled lines
            ? new Divide(context, lines, calculation.Explain(lines), completedAt, calculation.Basis(lines.Currency))
            {
                InvoiceDigest = InvoiceDigest.Of(kept.Order, InvoiceText.JsonOrNothing(row.Invoice)),
            }
            : new Divide(context, result, [], completedAt);
        var after = kept.After(transactor.Transact(kept with { State = marked }, divide, books.Row.AsSpan()), books.Cause, books.Row, settings, now);
        settlements.Put(after, kept);
        if (books.Order.InTime && after.State.Settled is not null)
        {
            SettleTally.Late(tally, now - due);
        }
    }
}
