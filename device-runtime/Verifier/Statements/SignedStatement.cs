namespace TrustMesh.Verifier;

/// <summary>A statement whose signature, serial and dates were checked, with the bytes to pass on. Made by <see cref="StatementVerifier"/>.</summary>
public sealed class SignedStatement<T> where T : class
{
    internal SignedStatement(T value, ReadOnlyMemory<byte> signed) => (Value, Signed) = (value, signed);

    public T Value { get; }

    /// <summary>The COSE_Sign1 it came in.</summary>
    public ReadOnlyMemory<byte> Signed { get; }
}
