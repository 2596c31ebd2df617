using System.Security.Cryptography;
using System.Text;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// The name of an agent's table: <c>trustmesh_</c> and eight hex digits of its state directory's path. The same over restarts, so that a run finds what
/// the one before it left; another for another agent on the machine; and never text that came from outside.
/// </summary>
public readonly record struct NftTable
{
    private readonly string? name;

    private NftTable(string name) => this.name = name;

    /// <param name="state">Absolute path of the agent's state directory.</param>
    public static NftTable Of(string state) => new("trustmesh_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)).AsSpan(0, 4)));

    public override string ToString() => name ?? throw new InvalidOperationException("A table without a name.");
}
