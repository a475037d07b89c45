using System.Globalization;

namespace StreamSettle.Schemas.Avro.Reading;

/// <summary>Bytes are not of the writer's schema: another schema wrote them, or they were damaged. Reading them again gives the same.</summary>
/// <param name="offset">Where in the bytes, from 0.</param>
/// <param name="problem">What is wrong and, where it can be, how it is mended.</param>
public sealed class AvroDataException(AvroFault fault, int offset, string problem) : Exception
{
    string path = "";

    public AvroFault Fault { get; } = fault;

    /// <summary>Where in the bytes, from 0.</summary>
    public int Offset { get; } = offset;

    /// <summary>Where in the value: <c>after.lines[2].amount</c>; empty for the whole.</summary>
    public string Path => path;

    public override string Message =>
        string.Create(CultureInfo.InvariantCulture, $"the bytes are not of the writer's schema: at byte {Offset}{(path.Length == 0 ? "" : $", in {path}")}: {problem}");

    /// <summary>Puts a part before the path, as the failure leaves it; false, so that it can be called where an exception is filtered.</summary>
    internal bool LeavesPart(string part)
    {
        path = AvroPath.Join(part, path);
        return false;
    }
}
