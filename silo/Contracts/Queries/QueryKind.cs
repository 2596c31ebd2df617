namespace TrustMesh.Contracts.Queries;

/// <summary>What the values of a field are, and so how they are compared.</summary>
public enum QueryKind
{
    /// <summary>Any text; compared without regard to case.</summary>
    Text,

    /// <summary>An id: a value is the start of it, or of the eight characters shown.</summary>
    Id,

    /// <summary>One of a few words; another one is a mistake.</summary>
    Word,

    /// <summary>A time that has gone by since a moment.</summary>
    Age,

    /// <summary>A time that is left until a moment; nothing is left of what has passed.</summary>
    Left,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A version, compared part by part.</summary>
    Version,

    /// <summary>Several texts: one of them has to fit, of those that are not wanted none may.</summary>
    Texts,
}
