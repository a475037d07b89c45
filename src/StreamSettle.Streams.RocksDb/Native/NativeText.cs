using System.Runtime.InteropServices;

namespace StreamSettle.Streams.RocksDb.Native;

/// <summary>A zero-terminated UTF-8 string outside of the collector's heap.</summary>
internal sealed unsafe class NativeText(string text) : IDisposable
{
    public byte* Start { get; private set; } = (byte*)Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose()
    {
        Marshal.FreeCoTaskMem((nint)Start);
        Start = null;
    }
}
