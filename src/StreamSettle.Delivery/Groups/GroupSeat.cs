namespace StreamSettle.Delivery.Groups;

/// <summary>An instance's seat in a group whose members share systems' budgets, each by its partitions.</summary>
/// <param name="Partitions">Of the whole group.</param>
/// <param name="Run">Names this run of the process, and no other ever.</param>
public sealed record GroupSeat(int Partitions, Guid Run);
