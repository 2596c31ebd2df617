namespace TrustMesh.Trust.Revoking;

/// <summary>Why the desk did nothing, as a kind: the API's problem codes.</summary>
public enum DeskRefusal { Invalid, Forbidden, NotFound, Conflict }
