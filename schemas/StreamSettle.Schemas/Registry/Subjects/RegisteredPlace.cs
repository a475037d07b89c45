namespace StreamSettle.Schemas.Registry.Subjects;

/// <summary>Where a schema stands in a registry.</summary>
/// <param name="Version">Of its subject.</param>
/// <param name="Id">What records name it by.</param>
public sealed record RegisteredPlace(int Version, int Id);
