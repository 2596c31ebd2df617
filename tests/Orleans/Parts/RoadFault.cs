namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>What becomes of one request on a <see cref="FaultyRoad"/>.</summary>
public enum RoadFault
{
    /// <summary>It does not arrive; the answer says that it failed.</summary>
    Failed,

    /// <summary>It is carried out, and nobody hears of it: the connection breaks.</summary>
    AnswerLost,

    /// <summary>It is carried out, and the answer says that it failed.</summary>
    AnswerIsFailure,
}
