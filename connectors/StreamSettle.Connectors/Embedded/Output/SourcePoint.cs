using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Sources;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Embedded.Output;

/// <summary>The commit that says in the log what it has of the source. Reused: the buffers stay.</summary>
/// <param name="topic">Where it says so: <see cref="SourceProgress.Topic"/>, by the name that it has in the log.</param>
internal sealed class SourcePoint(string topic)
{
    readonly ByteBuffer bytes = new();
    readonly RecordBatch batch = new();
    readonly LogCommit commit = new();

    public void Set(SourceProgress progress, long timestampMs)
    {
        bytes.Clear();
        progress.Write(new(bytes));
        batch.Clear();
        // Where old records go by their keys, the last of each run stays.
        batch.Add(timestampMs, keyIsNull: false, Encoding.UTF8.GetBytes(progress.Run), valueIsNull: false, bytes.Written, default);
    }

    public void Commit(ILogClient log)
    {
        commit.Clear();
        commit.Outputs.Add((new(topic, 0), batch));
        log.Commit(commit);
    }
}
