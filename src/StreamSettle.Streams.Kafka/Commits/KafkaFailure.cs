using Confluent.Kafka;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>What a failed call of the client means for the work, by the classes of KIP-1050.</summary>
internal static class KafkaFailure
{
    static readonly ErrorCode[] NotAllowed =
    [
        ErrorCode.TopicAuthorizationFailed, ErrorCode.GroupAuthorizationFailed, ErrorCode.ClusterAuthorizationFailed, ErrorCode.TransactionalIdAuthorizationFailed,
        ErrorCode.SaslAuthenticationFailed, ErrorCode.Local_Authentication,
    ];

    /// <summary>
    /// The transaction did not happen. A replaced producer or member is told apart: with that client nothing can be done any more. What somebody may mend while we
    /// run (rights, a broker that is away) is tried again like any other.
    /// </summary>
    public static TransactionAbortedException Aborted(KafkaException exception)
    {
        var message = $"the transaction did not happen: {Reason(exception)}";
        return exception.Error.IsFatal ? new ClientFencedException(message, exception) : new TransactionAbortedException(message, exception);
    }

    /// <summary>For what is asked outside of a transaction.</summary>
    public static EnvironmentFailedException Environment(string what, KafkaException exception) => new($"{what}: {Reason(exception)}", exception);

    static string Reason(KafkaException exception) => NotAllowed.Contains(exception.Error.Code)
        ? $"{exception.Error.Reason.TrimEnd('.')}. The service's user lacks a right, or is not known: docs/kafka.md lists what it needs"
        : exception.Error.Reason;
}
