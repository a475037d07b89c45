using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>The right to run a projection, one holder at a time.</summary>
internal static class ProjectionRights
{
    public static string LockName(Tables tables, string projection) => $"streamsettle.{tables.Schema}.projection.{projection}";
}
