namespace StreamSettle.Kernel.Failures;

/// <summary>The caller or the configuration is wrong; the message names what, the value, the rule and the remedy. Exit code 1.</summary>
public sealed class UserMistakeException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Something around us (database, disk, network) failed; trying again later may help. Exit code 3.</summary>
public sealed class EnvironmentFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>State on disk or in a topic is not what we wrote. The process stops: going on would make it worse. Exit code 70.</summary>
public sealed class CorruptStateException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One of the invariants I1-I12 does not hold. The process stops. Exit code 70.</summary>
public sealed class BrokenInvariantException(string message, Exception? inner = null) : Exception(message, inner);
