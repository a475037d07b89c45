namespace StreamSettle.Kernel.Calls;

/// <summary>The topics between settlement and the delivery of one leg. Commands and results are keyed and partitioned by merchant, dead letters by their ids.</summary>
/// <param name="Commands">What settlement asks: <see cref="DeliveryCommand"/>.</param>
/// <param name="Results">What became of it: <see cref="DeliveryResult"/>.</param>
/// <param name="DeadLetters">What waits for a person.</param>
/// <param name="Group">What instances of a group tell each other of systems' budgets.</param>
public sealed record DeliveryTopics(string Commands, string Results, string DeadLetters, string Group);
