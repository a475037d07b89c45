namespace StreamSettle.Streams.Testing;

/// <summary>Reads what a topology has written.</summary>
public interface IOutputReader
{
    /// <summary>The records of a topic that were not read yet, by partition and offset.</summary>
    IReadOnlyList<OutputRecord> Read(string topic);
}
