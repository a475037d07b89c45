namespace StreamSettle.Settlement.Rules.Terms;

/// <summary>How a rational becomes a whole number of minor units. The rules' words are <c>HALF_UP</c>, <c>HALF_EVEN</c>, <c>DOWN</c>, <c>UP</c>.</summary>
public enum Rounding : byte
{
    /// <summary>To the nearest, away from zero at .5.</summary>
    HalfUp = 1,

    /// <summary>To the nearest, to the even one at .5.</summary>
    HalfEven = 2,

    /// <summary>Toward zero.</summary>
    Down = 3,

    /// <summary>Away from zero.</summary>
    Up = 4,
}
