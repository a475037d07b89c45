namespace StreamSettle.Settlement.Results;

/// <summary>Who can be paid a line, in the order of the lines.</summary>
public enum PartyKind : byte
{
    Tax = 1,
    Carrier = 2,
    Platform = 3,
    Promoter = 4,
    Merchant = 5,
}
