using System.Buffers.Binary;
using System.Security.Cryptography;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.App.Composition;

/// <summary>Seeds the jitter of back-offs: services beside each other and the legs of one draw different ones, and the runs of one the same.</summary>
static class JitterSeed
{
    public static int Of(Guid log, Leg leg)
    {
        Span<byte> input = stackalloc byte[17];
        log.TryWriteBytes(input, bigEndian: true, out _);
        input[^1] = (byte)leg;
        return BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(input));
    }
}
