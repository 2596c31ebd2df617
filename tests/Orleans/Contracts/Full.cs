using System.Collections.Immutable;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Orleans.Contracts;

/// <summary>A value of any message type in which no member is left out, each different from the others.</summary>
internal sealed class Full : IDisposable
{
    private readonly TwinBench bench = new();
    private readonly TwinState twin;
    private readonly VerifiedEvidence evidence;
    private int count;

    public Full()
    {
        bench.Measure("/etc/app.conf");
        bench.Measure("/etc/pump.conf");
        var enrolled = bench.Twin.EnrolAsync(new(bench.Enrolment, true), default).Result;
        evidence = bench.Evidence(enrolled);
        twin = bench.Twin.AcceptAsync(evidence, bench.SessionKey, default).Result!.State;
    }

    public T Of<T>() => (T)Of(typeof(T));

    public object Of(Type type)
    {
        var next = ++count;
        if (type == typeof(TwinState)) return twin;
        if (type == typeof(VerifiedEvidence)) return evidence;
        if (type == typeof(Verdict)) return twin.Verdict!;
        if (type == typeof(AttesterState)) return twin.Attester;
        if (type == typeof(DeviceId)) return DeviceId.FromRootKey([(byte)next]);
        if (type == typeof(string)) return $"text {next}";
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123 + next);
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(next);
        if (type == typeof(ReadOnlyMemory<byte>)) return new ReadOnlyMemory<byte>([(byte)next, 0, 255]);
        if (type == typeof(CancellationToken)) return CancellationToken.None;
        if (Nullable.GetUnderlyingType(type) is { } value) return Of(value);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsPrimitive) return Convert.ChangeType(next, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsArray) return Several(type.GetElementType()!);
        if (type.IsGenericType) return Generic(type);
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType))]);
        foreach (var member in MessageTypes.MembersOf(type).Where(member => constructor.GetParameters().All(parameter => parameter.Name != member.Name))) member.SetValue(made, Of(member.PropertyType));
        return made;
    }

    private Array Several(Type element)
    {
        var several = Array.CreateInstance(element, 2);
        for (var i = 0; i < 2; i++) several.SetValue(Of(element), i);
        return several;
    }

    private object Generic(Type type)
    {
        var (kind, of) = (type.GetGenericTypeDefinition(), type.GenericTypeArguments);
        if (kind == typeof(IReadOnlyList<>)) return Several(of[0]);
        if (type == typeof(ImmutableArray<ReadOnlyMemory<byte>>)) return ImmutableArray.Create(Of<ReadOnlyMemory<byte>>(), Of<ReadOnlyMemory<byte>>());
        if (type == typeof(IReadOnlyDictionary<int, int>)) return new Dictionary<int, int> { [1] = Of<int>(), [2] = Of<int>() };
        if (type == typeof(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>)) return ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal).Add("/b", Of<ReadOnlyMemory<byte>>()).Add("/B", Of<ReadOnlyMemory<byte>>());
        if (type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)) return Activator.CreateInstance(type, [.. of.Select(Of)])!;
        throw new NotSupportedException($"A message with {type} in it: say here how one is made.");
    }

    public void Dispose() => bench.Dispose();
}
