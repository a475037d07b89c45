using StreamSettle.Delivery.Calls;
using StreamSettle.Delivery.Channels;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>Holds every request that goes out against what is committed at that moment: frozen and marked before its first byte (I4).</summary>
sealed class CommittedCheck(MemoryLog log, int partitions)
{
    public void Check(DownstreamRequest request)
    {
        foreach (var call in request.Calls)
        {
            var (state, body) = Committed(call);
            Assert.Equal(call.Body is null ? CallPhase.Asking : call.IsPatch ? CallPhase.InvoiceSent : CallPhase.Sent, state?.Phase);
            Assert.True(call.Body is null || state?.Invoice != InvoiceFate.Undecided, $"{call.KeyText} goes out before it is decided whether its invoice does");
            if (call.Body is not null)
            {
                var at = state!.Value.InvoiceAt;
                Assert.Equal(call.IsPatch ? InvoiceCut.Alone(body, at) : state.Value.LeavesOutInvoice ? InvoiceCut.Without(body, at) : body, call.Body);
            }
        }
    }

    (CallState? State, byte[]? Body) Committed(OutboundCall call)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            var store = log.OpenCommittedView(new("split-calls"), partition);
            var key = new byte[1 + StoredCallKey.Size];
            StoredCallKey.Write(call.Key, key.AsSpan(1));
            key[0] = (byte)'C';
            if (store.TryGet(key, out var bytes))
            {
                var state = CallStateCodec.Read(bytes);
                key[0] = (byte)'B';
                return (state, store.TryGet(key, out var body) ? body.ToArray() : null);
            }
        }

        return (null, null);
    }
}
