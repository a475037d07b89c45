using System.Net;
using System.Net.Http.Headers;

namespace StreamSettle.Delivery.Http;

/// <summary>
/// A body as it was frozen, which knows whether any of it was handed to a connection: before that nothing can have happened (I4). A GET has an empty one: of a
/// request without any .NET makes another by itself when a kept connection ends without an answer, and nobody would count it (I11).
/// </summary>
internal sealed class FrozenContent : HttpContent
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    readonly ReadOnlyMemory<byte> body;

    internal FrozenContent(ReadOnlyMemory<byte> body)
    {
        this.body = body;
        Headers.ContentType = body.IsEmpty ? null : Json;
    }

    internal bool HasStarted { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasStarted = true;
        return stream.WriteAsync(body, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
