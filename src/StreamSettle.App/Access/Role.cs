namespace StreamSettle.App.Access;

/// <summary>What a key may do; each may do what the one before may.</summary>
enum Role
{
    /// <summary>Nothing but <c>/health</c>.</summary>
    None = 0,

    /// <summary>Reads, but no bodies of events and calls.</summary>
    Viewer = 1,

    /// <summary>Reads everything.</summary>
    Auditor = 2,

    /// <summary>Changes: replays, discards, resumes.</summary>
    Operator = 3,

    /// <summary>Everything.</summary>
    Admin = 4,
}
