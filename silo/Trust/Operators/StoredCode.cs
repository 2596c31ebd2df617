namespace TrustMesh.Trust.Operators;

/// <summary>A one-time sign-in code; the row's id is its hash.</summary>
/// <param name="Role">What it would give by itself; counts only where there is no list of people yet, as before there was one.</param>
/// <param name="Machine">Made by the silo's own machine: it lets the first admin in whatever the list of people says.</param>
internal sealed record StoredCode(string Name, OperatorRole Role, DateTimeOffset ExpiresAt, bool Machine = false);
