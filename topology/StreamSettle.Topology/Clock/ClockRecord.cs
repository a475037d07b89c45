using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Topology.Clock;

/// <summary>One record of a clock task beside its orders: read when the task begins, and kept with the next commit when it has changed.</summary>
/// <remarks><code>version(1)=1 | the record's own</code></remarks>
abstract class ClockRecord(IKeyValueStore store)
{
    const byte Version = 1;

    readonly ByteBuffer scratch = new();

    /// <summary>Its key in the store.</summary>
    protected abstract ReadOnlySpan<byte> Key { get; }

    /// <summary>It is not as it was kept last.</summary>
    protected bool IsChanged { get; set; }

    /// <summary>Makes it part of the commit that is about to come; writes nothing where nothing changed.</summary>
    /// <returns>Whether it was written.</returns>
    public bool Keep()
    {
        if (!IsChanged)
        {
            return false;
        }

        IsChanged = false;
        scratch.Clear();
        var to = new ByteWriter(scratch);
        to.Byte(Version);
        Write(to);
        store.Put(Key, scratch.Written);
        return true;
    }

    /// <summary>Begins with what was kept last.</summary>
    /// <exception cref="CorruptStateException">The bytes are no record of ours.</exception>
    protected void Open()
    {
        if (!store.TryGet(Key, out var kept))
        {
            return;
        }

        var from = new ByteReader(kept);
        var version = from.Byte();
        if (version != Version)
        {
            throw new CorruptStateException($"a clock task's record '{System.Text.Encoding.UTF8.GetString(Key)}' has version {version}, this program knows {Version}");
        }

        Read(ref from);
    }

    protected abstract void Read(ref ByteReader from);

    protected abstract void Write(ByteWriter to);
}
