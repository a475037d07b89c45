namespace StreamSettle.Sandbox.Auditing.World;

/// <summary>What a party gets or gives back, in minor units.</summary>
public readonly record struct MoneyLine(string Party, long Amount);
