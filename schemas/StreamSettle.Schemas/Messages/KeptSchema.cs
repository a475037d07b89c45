namespace StreamSettle.Schemas.Messages;

/// <summary>A schema that is kept by its id.</summary>
/// <param name="Origin">Who gave the id.</param>
/// <param name="Text">The schema, as its own text has it or in its canonical form: either reads what it wrote.</param>
sealed record KeptSchema(int Id, string Origin, string Text);
