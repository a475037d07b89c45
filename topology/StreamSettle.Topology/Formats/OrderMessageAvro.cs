using System.Text.Unicode;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Messages.Reading;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Registry;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Formats;

/// <summary>What the clock tells settle in Avro, by <c>due-order.avsc</c>. One instance belongs to one task.</summary>
sealed class OrderMessageAvro
{
    /// <summary>The first symbol's; the layout of releases before has them from 1 on.</summary>
    const int FirstKind = (int)OrderMessageKind.Due;

    const int Kinds = (int)OrderMessageKind.Forgotten;
    const int Legs = (int)Leg.TaxRefund + 1;

    // Symbols of OperatorRequestKind.
    const int Replay = 0;
    const int Discard = 1;
    const int SendAgain = 2;
    const int Returned = 3;
    const int Requests = Returned + 1;

    static readonly string[] Places =
    [
        "kind", "order", "merchant", "cause", "transaction.committedAt", "transaction.txId", "dueAt", "offset", "clockTask", "keyChanged", "cutsOff", "inTime",
        "request", "request.kind", "request.key.order", "request.key.leg", "request.key.n", "request.by", "request.requestId", "request.neverCalculated", "request.note",
        "request.key.returns", "request.reason", "request.at",
        .. OrderRowAvro.Places, "doubts.[]",
    ];

    /// <summary>Of the row among the places.</summary>
    const int Row = 24;

    readonly MessageSchemas schemas;
    readonly MessageReader reader;
    readonly ByteBuffer row = new();

    public OrderMessageAvro(MessageSchemas schemas)
    {
        this.schemas = schemas;
        reader = new(MessageSchema.DueOrder, schemas, Places);
    }

    /// <summary>Whether the message can be told in Avro as it is.</summary>
    public static bool Takes(in OrderMessage message)
    {
        if (message.RowBytes.IsEmpty)
        {
            return true;
        }

        var order = message.Row();
        return order.Unsent == UnsentOrderColumns.None && Utf8.IsValid(order.BuyerCountry) && Utf8.IsValid(order.Category) && Utf8.IsValid(order.Currency) && Utf8.IsValid(order.Invoice);
    }

    /// <summary>The row is good until the next read.</summary>
    /// <inheritdoc cref="MessageReader.Read"/>
    public OrderMessage Read(ReadOnlySpan<byte> record)
    {
        var values = reader.Read(record);
        row.Clear();
        if (values.Has(Row))
        {
            OrderRowAvro.Read(values, Row).Write(new(row));
        }

        return new()
        {
            Kind = (OrderMessageKind)(values.Symbol(0, Kinds) + FirstKind),
            Order = new(values.Long(1)),
            Merchant = new(values.Long(2)),
            Cause = values.Text(3),
            Transaction = new(new(values.Long(4)), values.Long(5)),
            DueAt = new(values.Long(6)),
            Offset = values.Long(7),
            ClockTask = values.Int(8),
            KeyChanged = values.Flag(9),
            CutsOff = values.Flag(10),
            InTime = values.Flag(11),
            Doubts = values.Items,
            Request = values.Has(12) ? Request(values) : null,
            RowBytes = row.Written,
        };
    }

    public void Write(in OrderMessage message, ByteWriter to)
    {
        WireFormat.Write(schemas.IdOf(MessageSchema.DueOrder), to);
        var avro = new AvroEncoder(to);
        avro.Int((int)message.Kind - FirstKind);
        avro.Long(message.Order.Value);
        avro.Long(message.Merchant.Value);
        avro.Text(message.Cause ?? "");
        avro.Long(message.Transaction.CommittedAt.Microseconds);
        avro.Long(message.Transaction.TxId);
        avro.Long(message.DueAt.Microseconds);
        avro.Long(message.Offset);
        avro.Int(message.ClockTask);
        avro.Boolean(message.KeyChanged);
        avro.Boolean(message.CutsOff);
        avro.Boolean(message.InTime);
        avro.Longs(message.Doubts.AsSpan());
        if (avro.Optional(message.Request is not null))
        {
            Write(message.Request!, avro);
        }

        if (avro.Optional(!message.RowBytes.IsEmpty))
        {
            OrderRowAvro.Write(message.Row(), avro);
        }
    }

    static OperatorRequest.OfKey Request(MessageValues values)
    {
        var key = new CallKey(new(values.Long(14)), (Leg)values.Symbol(15, Legs), values.Int(16), values.Int(21));
        var (by, id) = (values.Text(17), values.Text(18));
        return values.Symbol(13, Requests) switch
        {
            Replay => new OperatorRequest.Replay(key, values.Flag(19), by, id, values.OptionalText(20)),
            Discard => new OperatorRequest.Discard(key, values.OptionalText(20), by, id),
            Returned => new OperatorRequest.Returned(key, values.Text(22), new(values.Long(23))),
            _ => new OperatorRequest.SendAgain(key, by, id),
        };
    }

    static void Write(OperatorRequest.OfKey request, AvroEncoder to)
    {
        var (kind, neverCalculated, note) = request switch
        {
            OperatorRequest.Replay replay => (Replay, replay.NeverCalculated, replay.Note),
            OperatorRequest.Discard discard => (Discard, false, discard.Note),
            OperatorRequest.SendAgain => (SendAgain, false, null),
            OperatorRequest.Returned => (Returned, false, null),
            _ => throw new BrokenInvariantException($"unknown request {request}"),
        };
        to.Int(kind);
        to.Long(request.Key.Order.Value);
        to.Int((int)request.Key.Leg);
        to.Int(request.Key.N);
        to.Int(request.Key.Returns);
        to.Text(request.By);
        to.Text(request.RequestId);
        to.Boolean(neverCalculated);
        to.OptionalText(note);
        var (reason, at) = request is OperatorRequest.Returned returned ? (returned.Reason, returned.At) : ("", default);
        to.Text(reason);
        to.Long(at.Microseconds);
    }
}
