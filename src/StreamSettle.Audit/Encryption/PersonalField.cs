namespace StreamSettle.Audit.Encryption;

/// <summary>A member of an event that may say something of a person.</summary>
/// <param name="Name">As the JSON has it.</param>
/// <param name="KeepsCode">What our own code put in front of a system's words (<c>422: </c>, <c>unknown: </c>), and a code alone, stays readable: folds and comparisons go by it.</param>
internal readonly record struct PersonalField(string Name, bool KeepsCode = false);
