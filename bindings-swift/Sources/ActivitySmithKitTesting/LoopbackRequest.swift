// Asks a server on this machine, and no other: Foundation's own client would go through a proxy that the environment
// names, for which this machine is another one.

#if os(Linux) || os(macOS)
    import Foundation

    struct LoopbackRequest: Sendable {
        let port: UInt16
        let path: String
        let apiKey: String

        /// How long the server may be silent.
        private static let patience = 30

        /// Sends it, on a thread of its own, since that blocks.
        func send() async throws -> (status: Int, body: Data) {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try Self.answer(in: exchange()) })
                }
            }
        }

        private func exchange() throws -> Data {
            #if canImport(Darwin)
                let connection = socket(AF_INET, SOCK_STREAM, 0)
                let flags: Int32 = 0
                var isOn: Int32 = 1
                setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<Int32>.size))
            #else
                let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                let flags = Int32(MSG_NOSIGNAL)
            #endif
            defer { close(connection) }
            var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let isConnected = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }

            // Of the old version, whose answers end with the connection. It is short enough to be sent at once.
            let head = "GET \(path) HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(apiKey)\r\n\r\n"
            guard Foundation.send(connection, head, head.utf8.count, flags) == head.utf8.count else {
                throw POSIXError(.init(rawValue: errno) ?? .EIO)
            }
            return try FileHandle(fileDescriptor: connection, closeOnDealloc: false).readToEnd() ?? Data()
        }

        private static func answer(in data: Data) throws -> (Int, Data) {
            guard let end = data.range(of: Data("\r\n\r\n".utf8)),
                let status = String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: " ").dropFirst()
                    .first.flatMap({ Int($0) })
            else { throw EmulatorError(description: "the emulator's answer is no HTTP") }
            return (status, Data(data[end.upperBound...]))
        }
    }
#endif
