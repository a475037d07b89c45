using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>A request's whole body in a pooled buffer.</summary>
internal sealed class RequestBytes : IDisposable
{
    const int FirstGuess = 4096;

    byte[] buffer;
    int length;
    JsonDocument? json;

    RequestBytes(int size) => buffer = ArrayPool<byte>.Shared.Rent(size);

    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, length);

    /// <summary>Null where the bytes are no JSON. Valid until disposal.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                json ??= JsonDocument.Parse(buffer.AsMemory(0, length));
                return json.RootElement;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public static async ValueTask<RequestBytes> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        // One byte more than announced, so that the end is seen without growing.
        var read = new RequestBytes((int)(request.ContentLength ?? FirstGuess) + 1);
        while (await request.Body.ReadAsync(read.buffer.AsMemory(read.length), cancellation) is > 0 and var count)
        {
            read.length += count;
            if (read.length == read.buffer.Length)
            {
                read.Grow();
            }
        }

        return read;
    }

    public void Dispose()
    {
        json?.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
