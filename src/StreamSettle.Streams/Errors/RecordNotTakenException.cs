namespace StreamSettle.Streams.Errors;

/// <summary>
/// A processor right behind a source cannot take the record, and has changed nothing for it: no store, no output. The runtime does as if the source could not read it. For
/// sources with one child alone, since another one may have taken the record already.
/// </summary>
/// <param name="isForNow">True: the record is put back, and comes again a little later, as what a deserializer cannot read yet. False: it can never be read.</param>
public sealed class RecordNotTakenException(string message, bool isForNow, Exception? inner = null) : Exception(message, inner)
{
    public bool IsForNow { get; } = isForNow;
}
