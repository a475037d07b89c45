namespace StreamSettle.Streams.Errors;

/// <summary>A record could not be read and the handler answered <see cref="DeserializationHandlerResponse.Fail"/>: someone must repair the topic or choose another handler.</summary>
public sealed class UnreadableRecordException(string message, Exception inner) : Exception(message, inner);
