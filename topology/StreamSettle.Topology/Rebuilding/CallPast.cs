using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Rebuilding;

/// <summary>What the event log tells of a call beside where its leg stands.</summary>
/// <param name="Since">When it could be sent, or became what it is.</param>
/// <param name="Attempts">The highest that is on record.</param>
/// <param name="AttemptsBefore">At its last replay.</param>
/// <param name="Reason">Of the last failure.</param>
/// <param name="IsConfirmed">It was, whatever became of its leg after its system had undone it.</param>
readonly record struct CallPast(UtcInstant Since, int Attempts = 0, int AttemptsBefore = 0, string Reason = "", bool IsConfirmed = false);
