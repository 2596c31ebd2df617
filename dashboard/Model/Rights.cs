namespace TrustMesh.Dashboard.Model;

/// <summary>What a user may do, for showing it; the silo enforces it.</summary>
/// <param name="Role">viewer, operator, admin; anything else may only look.</param>
public sealed record Rights(string Name, string Role)
{
    public bool MayOperate => Role is "operator" or "admin";

    public bool MayAdminister => Role is "admin";

    /// <summary>Why a button of an operator is not for this user; null if it is.</summary>
    public string? OperateMissing => MayOperate ? null : $"Needs the role operator; you are signed in as {Shown}.";

    /// <summary>Why a button of an admin is not for this user; null if it is.</summary>
    public string? AdministerMissing => MayAdminister ? null : $"Needs the role admin; you are signed in as {Shown}.";

    private string Shown => Role.Length == 0 ? "nobody" : Role;
}
