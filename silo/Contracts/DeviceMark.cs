namespace TrustMesh.Contracts;

/// <summary>A device as somebody saw it.</summary>
/// <param name="Id">UEID text.</param>
/// <param name="Mark">From a dry run: of its enrolment, standing and status, so that a proof in between is no change. Null only in a dry run.</param>
public sealed record DeviceMark(string Id, string? Mark = null);
